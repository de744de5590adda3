// errno_mapping: the one place where the operating system's error numbers become loop's codes.
//
// Each of loop's operations promises a closed set of codes, so there is one function for each set.
#ifndef REPRISE_BACKENDS_ERRNO_MAPPING_H_
#define REPRISE_BACKENDS_ERRNO_MAPPING_H_

#include <string>

#include "loop/status.h"

namespace reprise {

// The code that fits an errno best, whatever the operation. Never kOk.
ErrorCode CodeFromErrno(int error);

// What Network::Read and Network::Write may answer. kUnknown only for what no stream is known to report.
ErrorCode IoCodeFromErrno(int error);

// What Network::Accept may answer.
ErrorCode AcceptCodeFromErrno(int error);

// What Network::Connect and Network::ConnectResult may answer.
ErrorCode ConnectCodeFromErrno(int error);

// What Network::Listen may answer.
ErrorCode ListenCodeFromErrno(int error);

// A Status of that code with `detail`, to which the system's own words are added where the code does not name the
// error (kUnknown).
Status StatusFromErrno(ErrorCode code, int error, std::string detail = {});

}  // namespace reprise

#endif  // REPRISE_BACKENDS_ERRNO_MAPPING_H_
