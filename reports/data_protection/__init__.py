"""Data protection: whose data a breach touched, and the papers that the law asks an organisation for."""
