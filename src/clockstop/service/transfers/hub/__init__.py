"""The hub of an ICB: what runs late, what was proposed, who could go where."""
