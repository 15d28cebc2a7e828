"""Files of other programs read as the tables of a package: columns, then values, matched once and remembered (C22).

An export of another program, the statement of a lender, a spreadsheet of follow-up: each line becomes lines of
`reporting.exchange.tables`, named by what they say, so that the file of next month adds only what is new.
"""
