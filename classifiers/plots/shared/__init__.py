"""What the plots share: style, layout, text, tiles of images and checks of arguments."""
