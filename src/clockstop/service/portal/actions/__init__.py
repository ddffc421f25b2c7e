"""The only writers of the portal: permission, policy, write, audit, message, in one transaction."""
