"""Reports of coverage: a page that opens without a network, a PDF, and files for other systems."""
