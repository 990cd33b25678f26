"""How applications come into the account: the roles and builds that deploy them."""
