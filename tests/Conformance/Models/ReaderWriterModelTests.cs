using Xunit;

namespace Conformance.Models;

public class ReaderWriterModelTests
{
    [Fact]
    public void AsyncReaderWriterLock_is_as_its_picture() => Property.Holds(
        variant => new ReaderWriterModel(variant == 7),
        (8, "read"), (6, "write"), (2, "tryread"), (1, "trywrite"), (10, "release"));
}
