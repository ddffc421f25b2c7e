"""The published figures as JSON, for programs: types in, an OpenAPI document out."""
