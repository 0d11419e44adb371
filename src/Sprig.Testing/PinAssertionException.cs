namespace Sprig.Testing;

/// <summary>A pin has not done what a test says that it should have; the message has both.</summary>
public sealed class PinAssertionException : Exception
{
    /// <summary>For the sake of serializers and their like.</summary>
    public PinAssertionException()
    {
    }

    /// <summary>With what was expected and what was.</summary>
    public PinAssertionException(string message)
        : base(message)
    {
    }

    /// <summary>With a cause.</summary>
    public PinAssertionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
