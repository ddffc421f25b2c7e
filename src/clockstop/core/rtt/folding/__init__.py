"""How each kind of event changes what is known of a pathway: small pure functions, one per kind."""
