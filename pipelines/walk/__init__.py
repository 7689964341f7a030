"""The walk of a number: the steps that the command line and Dagster both call, in one order."""
