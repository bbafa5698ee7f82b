/// The precompiled header of the tests: that of all files, and what nearly every test needs besides. Tests still
/// include what they use.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/prelude.h"
