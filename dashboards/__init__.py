"""The dashboard: pages that read one immutable release and nothing else."""
