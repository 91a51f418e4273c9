"""Stand-ins of carriers: 快递100 and SF, as strict as the real ones about what is known of them."""
