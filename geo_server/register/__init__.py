"""The register of cameras: files of any kind are read, checked, shown, and written as cameras."""
