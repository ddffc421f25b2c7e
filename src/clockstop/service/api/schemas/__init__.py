"""The shape of every answer, each field described: the OpenAPI document is made from them."""
