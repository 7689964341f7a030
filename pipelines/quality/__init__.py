"""Checks: suites of expectations on columns, SQL rules across tables, and the gate that they feed."""
