"""The description of the interface: the OpenAPI document, its examples, and the page that shows it (C22)."""
