using Sprig.Synchronization;
using Xunit;

namespace Conformance.Models;

public class ReentrantLockModelTests
{
    [Fact]
    public void AsyncReentrantLock_is_as_its_picture()
        => Property.Holds(variant => new LockModel(variant == 7, new AsyncReentrantLock()), (10, "acquire"), (2, "try"), (9, "release"));
}
