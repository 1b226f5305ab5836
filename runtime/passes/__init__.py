"""Program → Program, one file a pass. A pass leaves its argument as it is, and changes no result, error or effect."""
