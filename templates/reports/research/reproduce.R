# Works the results out anew from episodes.csv and compares them with results.csv, digit for digit; then reads the SPSS
# and Stata files (package haven, where it is there) and compares each mean. Rscript reproduce.R in the unpacked folder.
read <- function(name) read.csv(name, na.strings = "", stringsAsFactors = FALSE, colClasses = NA, encoding = "UTF-8")
episodes <- read("episodes.csv")
page <- read.csv("results.csv", colClasses = "character")
constants <- read.csv("constants.csv", colClasses = "character")
constant <- function(form, name) as.numeric(constants$value[constants$name == paste(form, name, sep = ".")])
points <- function(tenths) { said <- sprintf("%.1f", tenths / 10); if (said == "-0.0") "0.0" else said }

found <- list()
say <- function(form, name, value) found[[paste(form, name, sep = ".")]] <<- as.character(value)

share <- function(form, name, part, whole) {
  z <- qnorm(0.975)
  p <- part / whole
  centre <- p + z^2 / (2 * whole)
  half <- z * sqrt(p * (1 - p) / whole + z^2 / (4 * whole^2))
  low <- if (part == 0) 0 else (centre - half) / (1 + z^2 / whole)
  high <- if (part == whole) 1 else (centre + half) / (1 + z^2 / whole)
  for (one in list(c("share", p), c("low", low), c("high", high)))
    say(form, paste(name, one[1], sep = "."), sprintf("%.0f", 100 * as.numeric(one[2])))
}

group <- function(form, name, rows, all_first) {
  if (nrow(rows) == 0) return(invisible())
  first <- mean(rows$outcome_first)
  change <- mean(rows$outcome_last - rows$outcome_first)
  began <- paste("began", name, sep = ".")
  say(form, began, nrow(rows))
  say(form, paste(began, "first", sep = "."), points(first))
  say(form, paste(began, "last", sep = "."), points(first + change))
  say(form, paste(began, "change", sep = "."), points(change))
  say(form, paste(began, "without", sep = "."), points(-(1 - constant(form, "reliability")) * (first - all_first)))
}

for (form in intersect(c("ors", "cors", "about-child"), episodes$outcome_form)) {
  rows <- episodes[episodes$outcome_form == form, ]
  used <- rows[is.na(rows$not_counted), ]
  gain <- used$outcome_last - used$outcome_first
  limit <- constant(form, "reliable_change")
  clear <- constant(form, "change_by_error") * (1 + 1e-12)
  say(form, "begun", nrow(rows))
  say(form, "closed", sum(rows$closed == "yes"))
  for (reason in c("open", "no_score", "one_score", "missing_at_intake", "rater_changed"))
    say(form, reason, sum(rows$not_counted == reason, na.rm = TRUE))
  better <- sum(gain >= limit)
  worse <- sum(gain <= -limit)
  say(form, "used", nrow(used))
  say(form, "better", better)
  say(form, "same", nrow(used) - better - worse)
  say(form, "worse", worse)
  say(form, "clearly_better", sum(gain >= clear))
  say(form, "clearly_worse", sum(gain <= -clear))
  below <- used$outcome_first < used$cutoff
  say(form, "recovered", sum(below & gain >= limit & used$outcome_last >= used$cutoff))
  say(form, "sessions", sprintf("%.1f", mean(rows$sessions)))
  if (any(!is.na(rows$alliance_first))) say(form, "alliance", points(mean(rows$alliance_first, na.rm = TRUE)))
  if (nrow(used) == 0) next
  share(form, "better", better, nrow(used))
  share(form, "worse", worse, nrow(used))
  first <- mean(used$outcome_first)
  say(form, "first", points(first))
  say(form, "last", points(mean(used$outcome_last)))
  say(form, "change", points(mean(gain)))
  if (nrow(used) > 1) {
    half <- qt(0.975, nrow(used) - 1) * sd(gain) / sqrt(nrow(used))
    say(form, "change.low", points(mean(gain) - half))
    say(form, "change.high", points(mean(gain) + half))
  }
  if (length(unique(used$outcome_first)) > 1) {
    d <- (mean(used$outcome_last) - first) / sd(used$outcome_first)
    say(form, "effect", sprintf("%.2f", d))
    if (nrow(used) >= 60) {
      r <- if (length(unique(used$outcome_last)) > 1) cor(used$outcome_first, used$outcome_last) else 0
      half <- qnorm(0.975) * sqrt(2 * (1 - r) / nrow(used) + d^2 / (2 * nrow(used)))
      say(form, "effect.low", sprintf("%.2f", d - half))
      say(form, "effect.high", sprintf("%.2f", d + half))
    }
  }
  group(form, "below_cutoff", used[below, ], first)
  group(form, "from_cutoff", used[!below, ], first)
  starts <- c(0, 100, 150, 200, 250)
  names <- c("0-9", "10-14", "15-19", "20-24", "25-")
  band <- findInterval(used$outcome_first, starts)
  for (place in seq_along(names)) group(form, names[place], used[band == place, ], first)
}

wrong <- 0
for (place in seq_len(nrow(page))) {
  here <- found[[page$name[place]]]
  if (is.null(here) || here != page$value[place]) {
    cat(page$name[place], ": the page says", page$value[place], ", here it is", if (is.null(here)) "nothing" else here, "\n")
    wrong <- wrong + 1
  }
}
cat("R, results:", nrow(page) - wrong, "of", nrow(page), "figures are the same to the last digit\n")

means <- read.csv("means.csv")
compare <- function(what, table, columns) {
  of <- means[means$table == table, ]
  for (place in seq_len(nrow(of))) {
    values <- as.numeric(columns[[of$column[place]]])
    if (sum(!is.na(values)) != of$n[place] || abs(mean(values, na.rm = TRUE) - of$mean[place]) > 1e-9) {
      cat(what, of$column[place], ": another mean\n")
      wrong <<- wrong + 1
    }
  }
  cat("R,", what, ":", nrow(of), "means compared to 1e-9\n")
}
for (table in unique(means$table)) {
  compare(paste0(table, ".csv"), table, read(paste0(table, ".csv")))
  if (requireNamespace("haven", quietly = TRUE)) {
    compare(paste0(table, ".sav"), table, haven::read_sav(paste0(table, ".sav")))
    compare(paste0(table, ".dta"), table, haven::read_dta(paste0(table, ".dta")))
  } else cat("R: haven is not here, so .sav and .dta were not read\n")
}

# The median of weeks to an ending by the rule of the results page, and as R prints it.
if ("weeks" %in% names(episodes) && any(!is.na(episodes$weeks)) && requireNamespace("survival", quietly = TRUE)) {
  known <- episodes[!is.na(episodes$weeks), ]
  fit <- survival::survfit(survival::Surv(known$weeks, known$closed == "yes") ~ 1, conf.type = "log-log")
  reached <- fit$time[fit$surv <= 0.5 + 1e-9]
  ours <- if (length(reached)) min(reached) else NA
  cat("R: weeks until half have ended:", ours, "; R's own rule says", summary(fit)$table["median"], "\n")
}
quit(status = if (wrong) 1 else 0)
