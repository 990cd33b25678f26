"""Who may call an API, and what is known of the calls: routes, origins, validation, access logs."""
