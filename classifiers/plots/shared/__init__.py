"""What the plots share.

style      colours, markers and colour maps
layout     figures, titles and legends; the decorator that every plot has
text       names and numbers in few characters, and their widths
pixels     arrays of numbers as images
tiles      images in a grid, each with a text below it
arguments  checks of arguments, and what the plots expect of classifiers and traces
"""
