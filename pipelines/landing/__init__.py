"""Editions on disk: publishers' bytes landed once under their date and hash, never overwritten, fetched politely.

descriptor   what `source.yml` says
editions     reading a raw root back, with every statement checked
precedence   which edition rules which period
sources      which file belongs to which source
land         one file or a folder into a raw root, atomically
partial      a download that may be interrupted and taken up again
fetch        one address over HTTP
pull         every source of the packs, from a folder, an address, or where its publisher keeps it
"""
