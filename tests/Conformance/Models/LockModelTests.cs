using Sprig.Synchronization;
using Xunit;

namespace Conformance.Models;

public class LockModelTests
{
    private static readonly (int, string)[] s_operations = [(10, "acquire"), (2, "try"), (6, "release")];

    [Fact]
    public void AsyncLock_is_as_its_picture()
        => Property.Holds(variant => new LockModel(variant == 7, new AsyncLock()), s_operations);

    [Fact]
    public void Several_locks_of_both_kinds_are_as_their_picture_and_every_circle_is_told()
        => Property.Holds(variant => new LockModel(variant == 7, new AsyncLock(), new AsyncReentrantLock(), new AsyncLock()), s_operations);
}
