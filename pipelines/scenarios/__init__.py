"""Pure settlements, rule sets and schemes: what a body keeps of a gain. No framework, file, clock or network.

Money is in real terms of the settlement's base year unless a name says nominal.
"""
