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
CONFUSION_NAMES = (
    "confusion_matrix draws a matrix of shape (classes, classes) with a name for each class, "
    "but shape {shape} and {names} names came"
)

WHITENING = (
    "whiten asks for {components} principal components, but {n} samples of {features} features have at most {most}; "
    "ask for fewer"
)

# Of training
DIVERGED = (
    "{what} at step {step} (epoch {epoch}): the training diverged. The training went back to {kept}. "
    "Try a smaller learning rate (it was {rate:.3g}), clip_norm=1, standardised inputs, or float64"
)
PART = "Training takes as {what} {expected}, but {came} came"
OF_ANOTHER = "this {what} is of another {other}, which would learn nothing of this training; make it of this one"
METRIC_NAMES = "metrics are told apart by their names, which are not those of an epoch ({taken}), but {names} came"
METRIC_NUMBER = "a metric gives one number, but {metric} gave {came}"
LOSS_NUMBER = "a training takes a loss of one number, but {loss} gave {came}; give it reduction='mean'"
SCHEDULE_SHORT = "this run ends with step {steps} of the training: {why}"
SAVE_EVERY = "save_every={came!r} says how often to write a checkpoint, but not where: give save_to= a file"
SAMPLES_FINITE = "{what} have NaN or infinity, first in row {row}: remove or replace them"
UNKNOWN_CALL = "{callback} defines {came}, which no training calls; it calls {known}"
SAMPLES = "{what} must be a pair (X, labels) of arrays with one row a sample, at least one, but {came} came"
INTERRUPTED = "interrupted at step {step}: what was learned is kept{saved}"
OTHER_SHAPE = "validation has samples of shape {came}, but the training ones are of shape {expected}"
OTHER_SCHEDULE = "the file has the schedule {came}, but here it is {expected}"
OTHER_SAMPLES = (
    "this training stands within an epoch over {expected} samples, but {came} came; give it the samples that it had"
)
NO_TRAINING = (
    "{path} holds no training that could go on, but a model or other numbers; give what Training.save wrote, "
    "or read the model with nn.load"
)
OTHER_ARCHITECTURE = (
    "{path} is of another model, {came}, than this training's, {expected}; make the model as it was then"
)
OTHER_TRAINING = (
    "{path} is of another training: its {what}: {came}, here: {expected}. Make the training as it was, or begin anew"
)
OTHER_MODEL = "{path} does not fit this training. {why}"
NOT_WATCHED = "there is no {came!r} to watch, but: {known}; the others want validation samples, or metrics"
NO_TENSORBOARD = "TensorBoard files want the package tensorboardX: pip install 'gatewise[tensorboard]'"
HISTORY_LINE = "{path}, line {number}, is no epoch of a training: {why}"
NO_HISTORY = (
    "there is no epoch to draw: give the history of a training, as run() returns it and read_history() reads it"
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
SMOOTHING = (
    "MLPClassifier: label_smoothing is for loss='cross_entropy', but with loss={loss!r} {came!r} came; leave it 0"
)
VALIDATION_PAIR = "MLPClassifier.fit takes X_val and y_val together, but only {came} came; give both or neither"
UNSEEN_LABELS = (
    "y_val has labels that the training set lacks: {unseen}; known are {known}. "
    "Split so that every class is in the training set (scikit-learn's train_test_split with stratify=y)"
)
NO_PROBABILITIES = (
    "predict_proba needs loss='cross_entropy', but this MLPClassifier has loss={loss!r}, "
    "whose scores are no log-probabilities; use predict or decision_function"
)

# Of the nearest neighbours
ESTIMATOR_CHOICE = "{estimator}: unknown {what} {came!r}; choose one of {known}"
ESTIMATOR_SETTING = "{estimator}: {what} must be {expected}, but {came!r} came"
ONE_CLASS = (
    "{estimator} got samples of one class only, {label!r}, but a classifier needs at least two classes to choose from: "
    "look at what selected the samples"
)
TOO_MANY_NEIGHBOURS = (
    "{estimator}: {came} neighbours were asked for{of}, but there are only {known} training samples: "
    "give n_neighbors at most {most}, or more training samples"
)
TRACE_SAMPLE = "trace takes one sample of shape (features,), as in trace(X[0]), but {came} came"
