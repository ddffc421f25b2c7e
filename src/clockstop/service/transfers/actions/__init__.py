"""The only writers of mutual aid: permission, policy, write, step, audit, in one transaction."""
