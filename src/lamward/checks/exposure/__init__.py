"""Who may reach and invoke: function URLs, resource policies, layers, destinations, API routes."""
