"""The texts of classifiers' errors: what came, what was expected, what to do."""

# Of the data
NO_BATCHES = (
    "no CIFAR-10 in {folder}: expected the files of its binary layout ({first} ... {last}) there or in {inside}. "
    "Set GATEWISE_DATA to the folder that has them, or call fetch_cifar10() where there is a network"
)
MISSING_FILES = (
    "CIFAR-10 in {folder} is not whole: {missing} not there. "
    "Remove the folder and fetch it again, or copy the missing files into it"
)
BATCH_SIZE = (
    "{path} holds {came:,} bytes where {expected:,} were expected ({records:,} images of 3,073 bytes): "
    "it was cut short or is another file. Remove its folder and fetch the data again"
)
BATCH_LABEL = "{path} has label {came} at image {row}; labels lie between 0 and 9: remove its folder and fetch it again"
BATCH_NAMES = "{path} names {came} classes where 10 were expected: remove its folder and fetch the data again"
DOWNLOAD = (
    "could not download CIFAR-10 from {url}: {why}. Try again with a network, or unpack cifar-10-binary.tar.gz "
    "by hand so that {folder} exists, or set GATEWISE_DATA to a folder that has it"
)
CHECKSUM = (
    "the file that came from {url} is not the one expected (md5 {expected}): {why} It was thrown away. "
    "Try again; if it stays so, something on the way changes downloads: fetch the file by hand and check its md5"
)
ARCHIVE = "the archive {path} lacks {missing}; expected the official cifar-10-binary.tar.gz: remove it and fetch again"

# Of the images
IMAGES = (
    "{change} takes an array of images of shape (n, {features}), or (n, *{shape}), but {came} came; "
    "for images of another size give it their shape=(channels, height, width)"
)
AUGMENTATION = "{change}: {what} must be {expected}, but {came!r} came"
JITTER_DTYPE = (
    "ColourJitter takes images as uint8, 0 to 255, but dtype {came} came; "
    "change the images before they are scaled or standardised"
)
CHAIN = "Chain takes one or more functions of (X, rng), as in Chain(Mirror(), Shift(4)), but {came} came"

# Of metrics
METRIC_SCORES = (
    "{metric} takes scores of shape (n, classes), numbers, n and classes at least 1, but {came} came; "
    "give a model's output for all samples"
)
METRIC_CLASSES = (
    "{metric} takes {what} as integers of shape ({n},), one class index for each sample, but {came} came; "
    "names of classes become indices by np.searchsorted(classifier.classes_, names)"
)
METRIC_RANGE = "{metric}: {what} must be at least 0 and below {classes}, but {came} came at sample {row}"
TOP_K = "top_k takes a positive whole number k, but {came!r} came"

# Of training
DIVERGED = (
    "the loss became {loss} in epoch {epoch}: the training diverged. Try a smaller learning rate, "
    "standardised or smaller inputs, or float64"
)
RANGE_DIVERGED = (
    "rate_range_test: the loss was not finite after {steps} steps, at a learning rate of about {rate:g}: "
    "give a lower lowest=, or standardised or smaller inputs"
)

# Of the estimators
EMPTY = (
    "MLPClassifier got a training set with 0 sample(s) (shape={shape}) while a minimum of 1 is required: "
    "look at what selected the samples"
)
NOT_FINITE = (
    "MLPClassifier got X that contains NaN or infinity, first at sample {row}, feature {column} ({count} in all); "
    "expected finite numbers: remove or replace them (scikit-learn's SimpleImputer)"
)
CHOICE = "MLPClassifier: unknown {what} {came!r}; choose one of {known}"
SETTING = "MLPClassifier: {what} must be {expected}, but {came!r} came"
VALIDATION_PAIR = "MLPClassifier.fit takes X_val and y_val together, but only {came} came; give both or neither"
UNSEEN_LABELS = (
    "y_val has labels that the training set lacks: {unseen}; known are {known}. "
    "Split so that every class is in the training set (scikit-learn's train_test_split with stratify=y)"
)
NO_PROBABILITIES = (
    "predict_proba needs loss='cross_entropy', but this MLPClassifier has loss={loss!r}, "
    "whose scores are no log-probabilities; use predict or decision_function"
)
