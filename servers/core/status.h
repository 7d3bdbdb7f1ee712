/* status.h - the status codes that a server can answer with (RFC 9110, section 15).
 * SPDX-License-Identifier: MIT */
#ifndef CORE_STATUS_H
#define CORE_STATUS_H

enum status {
    STATUS_NONE = 0, /* nothing to answer yet */
    STATUS_OK = 200,
    STATUS_BAD_REQUEST = 400,
    STATUS_NOT_FOUND = 404,
    STATUS_METHOD_NOT_ALLOWED = 405,
    STATUS_FIELDS_TOO_LARGE = 431, /* RFC 6585, section 5 */
    STATUS_NOT_IMPLEMENTED = 501,
    STATUS_VERSION_NOT_SUPPORTED = 505,
};

#endif
