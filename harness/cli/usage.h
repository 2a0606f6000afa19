// The words of --help, in one place.
#pragma once

#include <string_view>

namespace nsproof::usage {

extern const std::string_view kProgram;
extern const std::string_view kProgramExamples;
extern const std::string_view kVerify;
extern const std::string_view kVerifyExamples;
extern const std::string_view kList;
extern const std::string_view kListExamples;
extern const std::string_view kExplain;
extern const std::string_view kExplainExamples;
extern const std::string_view kReport;
extern const std::string_view kReportExamples;
extern const std::string_view kMatrix;
extern const std::string_view kMatrixExamples;
extern const std::string_view kAudit;
extern const std::string_view kAuditExamples;
extern const std::string_view kBench;
extern const std::string_view kBenchExamples;
extern const std::string_view kProbe;
extern const std::string_view kProbeExamples;
extern const std::string_view kDoctor;
extern const std::string_view kDoctorExamples;

}  // namespace nsproof::usage
