"""Settings to args, where that takes more than naming them."""
