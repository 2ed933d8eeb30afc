namespace nk {}
