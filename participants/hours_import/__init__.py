"""Statements of lenders and companies: columns recognised, lines matched to people and contracts, hours recorded."""
