/// The generator's options as words of a command line.
#pragma once

#include "samples/samples.h"

namespace CLI {
class App;
}

namespace korrigo::samples {

/// Adds one option of the command line for every field; `options` must outlive the parsing.
void add_options(CLI::App& command, Options& options);

}  // namespace korrigo::samples
