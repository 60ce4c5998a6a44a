"""What authors run; nothing here is installed, and no notebook imports it."""
