"""What the calibration screens show around the pure computation of `markets.calibration`: all of it confidential (C27).

`known` is what the portal already knows of a lot, `plausibility` what deserves a second look, `outcome` a result as it
is read, `sheet` a recorded computation, `rows` the versions of a lot: hours only, for the page everybody reads.
"""
