/// What was written into a field, without the printed form.
#pragma once

#include "identification/header_form.h"

namespace korrigo::identification {

/// A letter in its box.
struct CutLetter {
  std::size_t box = 0;         // index into FormField::boxes
  imaging::GrayImage picture;  // ink dark on white, cut to its own extent
  int below = 0;               // pixels from its lowest ink to the bottom of the box
};

/// The part of a header that its form's extent holds, brought onto the form, with the print taken away: white paper,
/// dark ink.
imaging::GrayImage without_print(const imaging::GrayImage& header, const imaging::Affine& from_form,
                                 const HeaderForm& form);

/// Letters box by box; boxes without ink are left out. `writing` as without_print gives it, the field in its frame.
std::vector<CutLetter> cut_letters(const imaging::GrayImage& writing, const FormField& field);

/// The writing of a field without boxes, cut to its own extent; empty when there is none.
imaging::GrayImage cut_line(const imaging::GrayImage& writing, const FormField& field);

}  // namespace korrigo::identification
