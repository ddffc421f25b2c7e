"""Our own records as UK Core R4 resources: reading and searching them."""
