"""Data: CIFAR-10, its synthetic stand-in, a held-out test set, and photos.

cifar10          `fetch_cifar10`: CIFAR-10 from a folder, an archive or a download
cifar10_batches  the files of CIFAR-10, in the binary and the pickled layout
download         downloads with retries and a checksum
archives         files from .tar.gz archives
folders          the folder for data: locked while it is written, and written atomically
unpickling       pickled data, read without running anything in it
stand_in         `fetch_stand_in`: drawn images in the layout of CIFAR-10
holdout          `HeldOut`: a test set that can be used once
photos           `load_image`: the user's own pictures
"""
