/*
 * A worker for ../anonymous: sends back what it reads, from its standard streams, or from the first handle of its
 * arguments to the second. With one argument it sleeps until it is killed.
 */
#include <stdlib.h>
#include <windows.h>

static HANDLE handle(const char *text)
{
    return (HANDLE) (UINT_PTR) _strtoui64(text, NULL, 10);
}

int main(int argc, char **argv)
{
    static char buffer[65536];
    HANDLE in = argc > 2 ? handle(argv[1]) : GetStdHandle(STD_INPUT_HANDLE);
    HANDLE out = argc > 2 ? handle(argv[2]) : GetStdHandle(STD_OUTPUT_HANDLE);
    DWORD count, sent, written;

    if (argc == 2)
        Sleep(INFINITE);
    while (ReadFile(in, buffer, sizeof buffer, &count, NULL) && count > 0)
        for (sent = 0; sent < count; sent += written)
            if (!WriteFile(out, buffer + sent, count - sent, &written, NULL))
                return 1;
    return 0;
}
