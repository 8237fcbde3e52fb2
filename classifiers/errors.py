"""The texts of classifiers's error messages: what was expected, what was given, what to do."""

# Of the data
NO_BATCHES = (
    "no CIFAR-10 in {folder}: expected there a folder {layouts}, or an archive {archives}. "
    "Set GATEWISE_DATA to the folder that has one of them, or call fetch_cifar10() where there is a network"
)
MISSING_FILES = (
    "{name} in {folder} is not whole: {missing} not there. "
    "Remove the folder and call {fetch}() again, or copy the missing files into it"
)
BATCH_SIZE = (
    "{path} holds {got:,} bytes where {expected:,} were expected ({records:,} images of 3,073 bytes): "
    "it was cut short or is another file. Remove its folder and fetch the data again"
)
BATCH_LABEL = "{path} has label {got} at image {row}; labels lie between 0 and 9: remove its folder and fetch it again"
BATCH_NAMES = "{path} names {got} classes where 10 were expected: remove its folder and fetch the data again"
BATCH_ENTRY = (
    "{path} has under {entry!r} {got} where {expected} was expected: it was changed or is another file. "
    "Remove its folder and fetch the data again"
)
BATCH_PICKLE = (
    "{path} is no pickled batch of CIFAR-10: {why}. Nothing that it asks for was run. "
    "Remove its folder and fetch the data again, from where you trust"
)
PICKLE_NAME = "it asks for {name}, where data needs arrays, strings, numbers, lists and dicts alone"
PICKLE_OPCODE = "it has {opcode} at byte {position}, which arrays, strings, numbers, lists and dicts have no need of"
PICKLE_STATE = "it gives {name} a state, which it does not take"
PICKLE_TYPE = "it has {got} in the place of {expected}"
PICKLE_SHAPE = "it has an array of {dtype} whose {size:,} bytes do not fit its shape"
PICKLE_SIZE = "it is larger than {most:,} bytes"
PICKLE_MUCH = "it has, from {opcode} at byte {position} on, more parts than such data needs"
PICKLE_KEY = "it has a dict, at byte {position}, with keys that are no strings"
PICKLE_BROKEN = "it was cut short or broken ({why})"
DATA_HOME = "data_home must be the path of a folder, a str or a pathlib.Path, got {got!r}"
HOME = (
    "there can be no data in {folder}: {why}. Give data_home= or set GATEWISE_DATA to a folder that has the data, "
    "or to one that can be written"
)
HOME_FILE = "it is a file, not a folder"
HOME_LINK = "it is a link to what is not there"
UNWRITABLE = (
    "the data is not there yet, and {folder} cannot be written ({why}): "
    "set GATEWISE_DATA to a folder that can, or to one that has the data"
)
MIRROR = "a mirror is the address of a folder, https://host/folder, got {got!r}: give mirror= or $GATEWISE_MIRROR one"
WAITING = "another process holds {folder}, to put the data there: waiting until it has"
RETRY = "the download of {url} failed ({why}): trying again, at most {left} times"
DOWNLOAD = (
    "could not download CIFAR-10 from {url}: {why}. Try again with a network, name a mirror (mirror= or "
    "$GATEWISE_MIRROR, the folder that has the archive), put the archive into {home} by hand, "
    "or set GATEWISE_DATA to a folder that has the data"
)
DOWNLOAD_SIZE = "more than {most:,} bytes came, where CIFAR-10 has 170,052,171"
DOWNLOAD_RATE = "it came at less than {rate:,} bytes a second"
CHECKSUM = (
    "the file that came from {url} is not the one expected (md5 {expected}): {why} It was thrown away. "
    "Try again; if it stays so, something on the way changes downloads: fetch the file by hand and check its md5"
)
ARCHIVE = "the archive {path} is not CIFAR-10's, or not all of it: {why}. Remove it and fetch the data again"
ARCHIVE_LACKS = "it lacks {missing}"
ARCHIVE_SIZE = "{what} is larger than the {most:,} bytes that it may have"

# Of a user's own pictures
NO_PICTURE = "there is no picture {path}: give the path of one, such as photo.png"
PICTURE = "{path} is no picture that can be read: {why}; give a whole one, such as a PNG or a JPEG"
FOLDER = "it is a folder"
UNKNOWN_PICTURE = "Pillow knows no format that begins like this file"
TOO_MANY_PIXELS = "it would unpack to more than {most:,} pixels"
FLOATING_PIXELS = "its pixels are floating-point numbers, of which nothing says how much is white"

# Of the test set
HELD_OUT_SEALED = (
    "the test set is held out for the last measurement and cannot be looked at: choose by validation or "
    "cross-validation on the training set, then call .score(estimator) once"
)
HELD_OUT_TWICE = (
    "this test set has been used once ({measured}): to measure several and pick one is to choose on it; "
    "choose by cross-validation"
)
