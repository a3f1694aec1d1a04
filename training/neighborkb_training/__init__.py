"""Training and export of NeighborKB's two models: the mention detector and the relation encoder."""
