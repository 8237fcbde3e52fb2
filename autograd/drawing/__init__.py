"""Pictures of graphs, and the page that steps through backpropagation."""
