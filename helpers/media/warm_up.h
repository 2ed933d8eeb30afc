#pragma once
// What libraries build or look up on first use, once for all processes that are forked.

namespace nk::media {

void warm_up();

}  // namespace nk::media
