/// Turning a face by hand. Internal to this module.
#pragma once

#include "storage/database.h"

namespace korrigo::copies {

/// From now on `rotation` degrees (0, 90, 180, 270) make the face upright. Its header and the boxes that the office
/// added stay on the same ink, its pictures are forgotten. Nothing happens when it stands so already.
void turn_face(storage::Transaction& transaction, const FaceId& face, int rotation);

}  // namespace korrigo::copies
