namespace nk::app {}
