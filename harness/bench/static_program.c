/* A static program with a C library that does nothing: what starting a program costs before it does anything. */
int main(void) { return 0; }
