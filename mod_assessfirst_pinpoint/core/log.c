#include "core/log.h"

#include <stdarg.h>
#include <stdio.h>

#define LINE_SIZE 1024

void afp_log(const afp_logger_t *logger, afp_log_level_t level, const char *format, ...)
{
    char line[LINE_SIZE];
    va_list arguments;
    int length;

    if (logger == NULL || logger->write == NULL || level > logger->level) {
        return;
    }
    va_start(arguments, format);
    length = vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    if (length >= 0) {
        logger->write(logger->baton, level, line);
    }
}
