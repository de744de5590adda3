#include "sim/html_trace.h"

#include <algorithm>

#include "sim/lanes.h"

namespace reprise {
namespace {

constexpr size_t kBytesMost = 4096;  // of one step

void Replace(std::string& page, std::string_view placeholder, std::string_view text) {
  const size_t at = page.find(placeholder);
  CHECK(at != std::string::npos);
  page.replace(at, placeholder.size(), text);
}

void AppendEscaped(std::string& html, std::string_view text) {
  for (const char c : text) {
    if (c == '&') {
      html += "&amp;";
    } else if (c == '<') {
      html += "&lt;";
    } else {
      html += c;
    }
  }
}

// [lane, look, step, time in ns, text, bytes or ""]
void AppendItem(std::string& json, const Recording& run, const Lanes::Item& item) {
  const Step& step = run.trace.steps()[item.step];
  json += '[' + std::to_string(item.lane) + ',' + std::to_string(static_cast<int>(item.look)) + ',' +
          std::to_string(step.number) + ',' + std::to_string(step.time_ns) + ',';
  AppendJsonString(json, StepText(run, step));
  json += ',';
  AppendJsonString(json, run.trace.BytesOf(step).substr(0, kBytesMost));
  json += "],\n";
}

std::string Data(const Recording& run, const HtmlOptions& options) {
  const Lanes lanes = MakeLanes(run);
  const size_t first = lanes.items.size() - std::min(lanes.items.size(), options.steps_most);
  std::string json = "{lanes:[";
  for (const std::string& name : lanes.names) {
    AppendJsonString(json, name);
    json += ',';
  }
  json += "],\nlooks:[";
  for (int look = 0; look <= static_cast<int>(Lanes::Look::kOther); ++look) {
    AppendJsonString(json, LookName(static_cast<Lanes::Look>(look)));
    json += ',';
  }
  json += "],\nleftOut:" + std::to_string(first) + ",\nitems:[\n";
  for (size_t i = first; i < lanes.items.size(); ++i) AppendItem(json, run, lanes.items[i]);
  json += "],\narrows:[";
  for (const Lanes::Arrow& arrow : lanes.arrows) {
    if (arrow.from < first) continue;
    json += '[' + std::to_string(arrow.from - first) + ',' + std::to_string(arrow.to - first) + "],";
  }
  return json + "]}";
}

}  // namespace

std::string HtmlTrace(const Recording& run, const HtmlOptions& options) {
  std::string page(TracePage());
  std::string title;
  AppendEscaped(title, options.title);
  std::string summary;
  AppendEscaped(summary, options.summary);
  std::string verdict;
  AppendEscaped(verdict, options.verdict);
  // The data last: what a run holds may look like a placeholder.
  Replace(page, "@TITLE@", title);
  Replace(page, "@HEADING@", title);
  Replace(page, "@VERDICT@", verdict);
  Replace(page, "@SUMMARY@", summary);
  Replace(page, "@DATA@", Data(run, options));
  return page;
}

}  // namespace reprise
