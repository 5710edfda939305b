# Each transport file of the first folder as text into the second: numbers with 17 digits, dates as ISO 8601.
folders <- commandArgs(trailingOnly = TRUE)
as_text <- function(column) {
  text <- if (inherits(column, "POSIXct")) format(column, "%Y-%m-%dT%H:%M:%S", tz = "UTC")
    else if (inherits(column, "Date")) format(column, "%Y-%m-%d")
    else if (is.numeric(column)) sprintf("%.17g", column)
    else as.character(column)
  ifelse(is.na(column), "", text)
}
for (file in list.files(folders[1], "[.]xpt$", recursive = TRUE)) {
  read <- haven::read_xpt(file.path(folders[1], file))
  labels <- vapply(read, function(column) as.character(attr(column, "label")), "")
  cells <- as.data.frame(lapply(read, as_text), check.names = FALSE)
  name <- sub("[.]xpt$", "", basename(file))
  write.csv(cells, file.path(folders[2], paste0(name, ".csv")), row.names = FALSE)
  writeLines(labels, file.path(folders[2], paste0(name, ".txt")))
}
