namespace Sprig.IO.Ports;

/// <summary>A port as its <see cref="Reconnection"/> sees it.</summary>
internal interface IReopening
{
    string Device { get; }

    /// <summary>By its user.</summary>
    bool IsClosed { get; }

    bool IsDeviceOpen { get; }

    /// <summary>Opens the device with the port's settings, in the place of the one before.</summary>
    /// <exception cref="IOException">Not there, in use, or it refuses the settings.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission, perhaps not yet.</exception>
    void OpenDevice();

    /// <summary>Runs what the user wants done before the others go on.</summary>
    ValueTask SetUpAsync();

    /// <summary>Closes the device, if it is open; those who read and write begin to wait for it.</summary>
    void LoseDevice(Exception failure);

    /// <summary>Whether an error tells that the device has gone.</summary>
    /// <param name="error">What an operation has thrown.</param>
    /// <param name="connection">How often it was reopened when the operation began.</param>
    bool IsLoss(Exception error, long connection);

    void OnConnectionChanged();
}
