// JSON inside of HTML.
#include "reports/html/embedded_json.h"

#include <nlohmann/json.hpp>

#include "reports/escape.h"

namespace nsproof::bench {
namespace {

void show_strings(nlohmann::json& value) {
  if (value.is_string()) {
    value = shown_line(value.get_ref<const std::string&>());
  } else if (value.is_structured()) {
    for (auto& child : value) show_strings(child);
  }
}

}  // namespace

std::string embedded_json(std::string_view json) {
  nlohmann::json value = nlohmann::json::parse(json);
  show_strings(value);
  std::string text;
  for (const char c : value.dump(-1, ' ', true)) {
    switch (c) {
      case '<': text += "\\u003c"; break;
      case '>': text += "\\u003e"; break;
      case '&': text += "\\u0026"; break;
      default: text += c;
    }
  }
  return text;
}

}  // namespace nsproof::bench
