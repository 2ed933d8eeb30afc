// The body of Boost.Asio and of its TLS, compiled here and nowhere else
// (BOOST_ASIO_SEPARATE_COMPILATION), so that who includes its headers builds quickly.

#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
