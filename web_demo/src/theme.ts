/** Sets the stored theme before anything is drawn. */

import { applied, stored } from "./view/theme";

applied(stored());
